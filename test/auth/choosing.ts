import { expect } from 'vitest'

type Fetch = (path: string, init?: RequestInit) => Promise<Response>

/** What the demo's role chooser must do, on either host. */
export const choosing = async (fetch: Fetch): Promise<void> => {
  const choose = (body: string, headers: Record<string, string> = { Origin: 'https://t.tousu.example' }) =>
    fetch('/demo/signin', {
      method: 'POST',
      body,
      headers: { Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      redirect: 'manual',
    })
  const page = await (await fetch('/signin?to=/desk/complaints/1', { headers: { Accept: 'text/html' } })).text()
  for (const role of ['merchant', 'platform', 'supervisor']) expect(page).toContain(`value="${role}"`)
  expect(page).toContain('name="to" value="/desk/complaints/1"')

  for (const [body, location] of [
    ['role=merchant', '/merchant'],
    ['role=platform&to=/desk/complaints/1', '/desk/complaints/1'],
    ['role=supervisor&to=//evil.example', '/desk'],
  ] as const) {
    const answer = await choose(body)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, location])
    const cookie = answer.headers.getSetCookie().at(-1) ?? ''
    expect(cookie).toMatch(/^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    const there = await fetch('/signin', { headers: { Cookie: cookie.split(';')[0] ?? '' }, redirect: 'manual' })
    expect(there.headers.get('location')).toBe(location.startsWith('/desk') ? '/desk' : '/merchant')
  }
  for (const body of ['', 'role=buyer', 'role=constructor']) expect((await choose(body)).status).toBe(422)
  expect((await choose('role=supervisor', { Origin: 'https://evil.example' })).status).toBe(403)
}

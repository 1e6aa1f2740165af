import type { About, Device } from './device.ts'

/** The form of a new complaint, as its page tells the script that signs it. */
export interface OpenForm {
  action: string
  form: string
  origin: string
  seen: string
  photos: string
  /** Hidden fields: what the page shows of the order. */
  shown: Record<string, string>
}

export const formIn = (text: string): OpenForm => {
  const found = (pattern: RegExp) => pattern.exec(text)?.[1] ?? ''
  const attribute = (name: string) => found(new RegExp(` ${name}="([^"]*)"`))
  const shown = [...text.matchAll(/<input type="hidden" name="(shown\.\w+)" value="([^"]*)">/g)]
  return {
    action: found(/<form[^>]*action="(\/new[^"]*)"/),
    form: found(/name="form" value="([^"]+)"/),
    origin: attribute('data-origin'),
    seen: attribute('data-seen'),
    photos: attribute('data-photos'),
    shown: Object.fromEntries(shown.map(([, name = '', value = '']) => [name, value])),
  }
}

/** The fields that the script adds, for what the form's other fields hold. */
export const signedForm = async (
  { origin, seen }: OpenForm,
  device: Device,
  body: object,
  over: Partial<About> = {},
): Promise<{ signature: string; device: string }> => ({
  signature: await device.sign({ origin, c: '', seen, act: 'submit', body, ...over }),
  device: `${device.x}.${device.y}`,
})

/**
 * The script of /verify. It reads files on the reader's device and sends nothing; asked to, it reads the public log. See
 * src/views/log/verify.ts for its page.
 */

import { LOCALES } from '../complaint/words.ts'
import { DICTIONARIES } from '../i18n/languages.ts'
import { VerifyController } from './controller.ts'
import { byId, supportsEd25519 } from './dom.ts'
import { sayer } from './render.ts'

const start = async (): Promise<void> => {
  const root = byId('verify', HTMLElement)
  const able = await supportsEd25519()
  byId('verify-off', HTMLElement).hidden = true
  byId(able ? 'verify' : 'verify-old', HTMLElement).hidden = false
  if (!able) return
  const { words = '{}', policies = '' } = root.dataset
  const locale = LOCALES.find(each => each === document.documentElement.lang) ?? 'zh-CN'
  const controller = new VerifyController(policies.split(' '), { say: sayer(words), dictionary: DICTIONARIES[locale] })
  takeForm(root, controller)
  takeDrops(controller)
  const [, jws] = /^#(eyJ[\w-]+\.[\w-]+\.[\w-]+)$/.exec(location.hash) ?? []
  if (jws !== undefined) await controller.takeCertificate(jws)
}

const takeForm = (root: HTMLElement, controller: VerifyController): void => {
  onFile('verify-receipt', file => controller.takeReceipt(file))
  onFile('verify-policy-file', file => controller.takePolicy(file))
  const policy = byId('verify-policy', HTMLTextAreaElement)
  policy.addEventListener('input', () => controller.forget())
  policy.addEventListener('change', () => controller.answer())
  byId('verify-site', HTMLButtonElement).addEventListener('click', () => controller.takeSitePolicy())
  const token = byId('verify-token', HTMLTextAreaElement)
  token.addEventListener('input', () => controller.forget())
  token.addEventListener('change', () => controller.answer())
  byId('verify-log', HTMLInputElement).addEventListener('input', () => controller.forget())
  byId('verify-live', HTMLButtonElement).addEventListener('click', () => controller.answerFromLog())
  root.querySelector('form')?.addEventListener('submit', event => {
    event.preventDefault()
    void controller.answer()
  })
}

const onFile = (id: string, take: (file: File) => void): void => {
  const input = byId(id, HTMLInputElement)
  input.addEventListener('change', () => {
    const [file] = input.files ?? []
    if (file) take(file)
  })
}

/** Anywhere on the page: a file dropped beside a small target would replace the page. */
const takeDrops = (controller: VerifyController): void => {
  document.addEventListener('dragover', event => event.preventDefault())
  document.addEventListener('drop', event => {
    event.preventDefault()
    for (const file of event.dataTransfer?.files ?? [])
      void (/\.txt$/i.test(file.name) ? controller.takePolicy(file) : controller.takeReceipt(file))
  })
}

await start()

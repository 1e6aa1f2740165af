import { encode } from 'uqr'
import { type Html, html } from './html.ts'

type Level = 'L' | 'M'

/** A QR code on a page: one path of black runs on white, with the four light modules around that scanners want. */
export const qrCode = (text: string, label: string, ecc?: Level): Html => {
  const { size, paths } = drawn(text, ecc)
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}">${paths}</svg>`
}

/** The same as a file of its own, for a page that loads it when it is looked at. */
export const qrFile = (text: string): Html => {
  const { size, paths } = drawn(text)
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}">${paths}</svg>`
}

const drawn = (text: string, ecc: Level = 'M') => {
  const { data, size } = encode(text, { ecc, border: 4 })
  return {
    size,
    paths: html`<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${data.map(runs).join('')}"/>`,
  }
}

const runs = (row: readonly boolean[], y: number): string => {
  let path = ''
  for (let x = 0; x < row.length; x++) {
    const from = x
    while (row[x]) x++
    if (x > from) path += `M${from} ${y}h${x - from}v1h-${x - from}z`
  }
  return path
}

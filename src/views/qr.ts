import { encode } from 'uqr'
import { type Html, html } from './html.ts'

/** A QR code as one path of black runs on white, with the four light modules around that scanners want. */
export const qrCode = (text: string, label: string, ecc: 'L' | 'M' = 'M'): Html => {
  const { data, size } = encode(text, { ecc, border: 4 })
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}"><path class="light" d="M0 0h${size}v${size}H0z"/><path d="${data.map(runs).join('')}"/></svg>`
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

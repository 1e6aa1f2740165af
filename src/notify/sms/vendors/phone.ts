/** A number that can be dialled from anywhere; the vendors each want it in their own spelling. */
export interface Phone {
  /** `+` and digits. */
  e164: string
  /** Eleven digits, for a mobile of mainland China; else null. */
  mainland: string | null
}

const MAINLAND = /^(?:\+86|0086|86)?(1[3-9]\d{9})$/
/** Of every other country; a landline of mainland China takes no SMS. */
const ELSEWHERE = /^(?:\+|00)(?!86)([1-9]\d{6,14})$/

/** Reads a number as people and shops write it. Null for what is none, or lacks its country. */
export const readPhone = (text: string): Phone | null => {
  const plain = text.replace(/[\s().-]/g, '')
  const mainland = MAINLAND.exec(plain)?.[1]
  if (mainland) return { e164: `+86${mainland}`, mainland }
  const elsewhere = ELSEWHERE.exec(plain)?.[1]
  return elsewhere ? { e164: `+${elsewhere}`, mainland: null } : null
}

/** A message of its own holds 70 UCS-2 units; each part of a longer one 67, the rest joins the parts (3GPP TS 23.040). */
const ALONE = 70
const PART = 67

/** UCS-2 units of a text that is not in the GSM alphabet, and the messages that are paid for. */
export const smsLength = (text: string): { units: number; segments: number } => {
  const units = text.length
  return { units, segments: units <= ALONE ? 1 : Math.ceil(units / PART) }
}

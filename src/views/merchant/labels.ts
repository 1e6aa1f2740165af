import type { Locale } from '../../complaint/words.ts'
import { type FormName, merchantWords } from '../../i18n/merchant.ts'

/** Labels may differ from form to form: `field.form` wins over `field`. */
export const labelOf = (form: FormName, field: string, locale: Locale): string => {
  const { fields } = merchantWords[locale]
  return fields[`${field}.${form}`] ?? fields[field] ?? field
}

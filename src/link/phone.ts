/**
 * A phone number as it is compared, never as it is stored: its digits, without the country code of mainland China. People
 * and shops write +86 139 1234 5678, 8613912345678 and 139-1234-5678 for one phone.
 */
export const barePhone = (phone: string): string => {
  const digits = phone.replace(/\D/g, '')
  return /^(?:00)?86(1\d{10})$/.exec(digits)?.[1] ?? digits
}

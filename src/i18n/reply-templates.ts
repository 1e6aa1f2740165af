/** What a ready text may speak of. Empty where it is not known. */
interface TemplateFacts {
  item: string
  /** What the buyer asked for, e.g. 仅退款 89.00 元. */
  sought: string
}

interface Template {
  /** In the merchant's language. */
  label: string
  /** In the buyer's. */
  text(facts: TemplateFacts): string
}

/** Ready texts, by form and situation; every language has the same ones. */
export interface Templates {
  offer: Record<'agree' | 'partial' | 'return' | 'exchange' | 'reship' | 'repair', Template>
  rejection: Record<'as_described' | 'misuse' | 'out_of_time' | 'courier' | 'already_settled', Template>
  fulfilment: Record<'refunded' | 'reshipped' | 'repaired', Template>
  extensions: Record<'checking' | 'courier' | 'stock', Template>
  messages: Record<'photos' | 'checking' | 'address', Template>
}

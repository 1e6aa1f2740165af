// Unicode of what people write: whether a text shows anything, how high it stacks, and what is kept of a name.

/** A person's name or staff number without characters that can't be seen, and with single spaces. */
export const plainName = (name: string): string =>
  name
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()

/**
 * Letters and symbols by their category that are drawn as nothing: the Hangul fillers, the blank Braille pattern, the object
 * replacement character, two blank hieroglyphs, the null notehead.
 */
const BLANK = /[\u115f\u1160\u2800\u3164\uffa0\ufffc\u{13441}\u{13442}\u{1d159}]/gu

/** Whether a text shows something: a letter, a digit or a symbol. */
export const isVisible = (text: string): boolean => /[\p{L}\p{N}\p{S}]/u.test(text.replace(BLANK, ''))

/**
 * Combining marks, eleven on one letter and more: they are drawn over neighbouring lines. No writing needs as many (the
 * highest Tibetan syllable has eight), and the Stream-Safe Text Format (UAX #15) ends at thirty. Format characters, which
 * are drawn as nothing, don't break a stack.
 */
export const isOverstacked = (text: string): boolean => /(?:\p{M}\p{Cf}*){11}/u.test(text)

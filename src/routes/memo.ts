/** Memoization of a pure function of a text: the answers to some thousand texts, forgotten all at once. Null is not kept. */
export const memoized = <T>(work: (text: string) => T | null, most: number): ((text: string) => T | null) => {
  const known = new Map<string, T>()
  return text => {
    const kept = known.get(text)
    if (kept !== undefined) return kept
    const answer = work(text)
    if (answer !== null) {
      if (known.size >= most) known.clear()
      known.set(text, answer)
    }
    return answer
  }
}

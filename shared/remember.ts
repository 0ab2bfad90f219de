/** Results that are kept, for what is asked again and again: in every handshake the same certificate comes, the same steps are made. */

const KEPT = 16
/** Longer texts are read each time. */
const MAX_LENGTH = 0x10000

/**
 * Reads as `read` does, and answers a text that was among the last {@link KEPT} with what it made then, which has to be
 * read-only. Only for what is public: it stays in memory. What `read` throws is thrown, and not kept.
 */
export function recently<T extends object>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const made = known.get(text) ?? read(text)
    if (text.length > MAX_LENGTH) return made
    // The order of a Map is that of its insertions: what was asked for last goes to the end.
    known.delete(text)
    known.set(text, made)
    for (const oldest of known.keys()) {
      if (known.size <= KEPT) break
      known.delete(oldest)
    }
    return made
  }
}

/** Makes something of an object once; it is kept for as long as the object is. Both have to be read-only. */
export function perObject<O extends object, T>(make: (object: O) => T): (object: O) => T {
  const known = new WeakMap<O, { readonly made: T }>()
  return (object) => {
    const entry = known.get(object) ?? { made: make(object) }
    known.set(object, entry)
    return entry.made
  }
}

/** Loads once, by the first who asks; a load that failed is tried again by the next. */
export function onceLoaded<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  return () =>
    (loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    }))
}

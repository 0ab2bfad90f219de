/** Things made ahead, so that nobody waits for them. */

/**
 * Has one lying ready from the first time on that it is asked: each is given out once, and the next is begun as it goes. One
 * that could not be made is made anew when it is asked for.
 */
export function oneAhead<T>(make: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | undefined
  return () => {
    const taken = next?.catch(make) ?? make()
    const following = make()
    next = following
    following.catch(() => {
      if (next === following) next = undefined
    })
    return taken
  }
}

/** The worker's end of a talk with whoever opens a file: it asks for passphrases, tells how far it is, and is told to stop. */
import { LabError } from '#shared/errors'
import type { OpeningProgress, OpeningTalk, PassphraseQuestion } from '#shared/inspect/open'

/** What the worker says of a request before it answers it. */
export type InspectNews = { readonly id: number } & (
  { readonly ask: PassphraseQuestion } | { readonly progress: OpeningProgress }
)

/** What is said to the worker of a request that is under way. */
export type InspectReply = { readonly id: number } & (
  { readonly passphrase: string | null } | { readonly cancel: true }
)

/** Milliseconds between two news of progress. */
const TELL_EVERY = 100

interface Talking {
  readonly stop: AbortController
  answer: ((passphrase: string | null) => void) | undefined
  giveUp: ((error: LabError) => void) | undefined
}

const talks = new Map<number, Talking>()

/** Does something for a request that may ask and tell meanwhile. */
export async function talking<T>(
  id: number,
  post: (news: InspectNews) => void,
  work: (talk: OpeningTalk) => Promise<T>,
): Promise<T> {
  const talk: Talking = { stop: new AbortController(), answer: undefined, giveUp: undefined }
  let last = -Infinity
  talks.set(id, talk)
  try {
    return await work({
      ask: (ask) =>
        new Promise((resolve, reject) => {
          talk.answer = resolve
          talk.giveUp = reject
          post({ id, ask })
        }),
      tell: (progress) => {
        const now = performance.now()
        if (progress.fraction !== undefined && now - last < TELL_EVERY) return
        last = now
        post({ id, progress })
      },
      signal: talk.stop.signal,
    })
  } finally {
    talks.delete(id)
  }
}

/** Takes what is said of a request that is under way; of one that is done it is too late. */
export function hear(reply: InspectReply): void {
  const talk = talks.get(reply.id)
  if (!talk) return
  if ('passphrase' in reply) return talk.answer?.(reply.passphrase)
  talk.stop.abort()
  talk.giveUp?.(new LabError('cancelled', 'Opening the file was given up.'))
}

/** Questions that knowledge answers: each sets a scene, and its answer is worked out of what is deduced there. */
import { stepWords } from '#shared/record/key-story'
import { membersOf } from '#shared/record/term'
import { listed } from '#shared/words'
import { clearPartsOf, forgeryOf, isInClear, readingOf, searchesOf } from '#shared/knowledge/abilities'
import { deduce, EAVESDROPPER, type Knowledge, type Leak, type Party } from '#shared/knowledge/deduce'
import { termOf } from '#shared/knowledge/things'
import { partWords } from '#shared/knowledge/words'

/** What has to be set for a question to be looked at. */
export interface Scene {
  readonly leaks: readonly Leak[]
  /** The moment; `end` is after the run. */
  readonly at: number | 'end'
  readonly view: 'knowledge' | 'messages' | 'genealogy'
}

export interface Question {
  readonly id: string
  readonly title: string
  readonly scene: (subject: Knowledge['subject']) => Scene
  /** In a suite; the sentences of the answer. */
  readonly answer: (subject: Knowledge['subject']) => readonly string[]
}

const AUTHORITY = 'authority'
const SERVER_KEY = 'SK_S'

/** The server’s private key, given when all is over. */
const NEXT_YEAR: readonly Leak[] = [{ secret: SERVER_KEY, when: 'afterwards' }]

export const QUESTIONS: readonly Question[] = [
  {
    id: 'next-year',
    title: 'What can somebody with next year’s SK_S read?',
    scene: () => ({ leaks: NEXT_YEAR, at: 'end', view: 'messages' }),
    answer: ({ protocol, suite }) => {
      const before = deduce(protocol, suite)
      const after = deduce(protocol, suite, NEXT_YEAR)
      const more = readBy(after, EAVESDROPPER).filter((step) => !readBy(before, EAVESDROPPER).includes(step))
      if (more.length === 0)
        return [
          `Nothing of what was recorded today${butInClear(before)}.`,
          'What closes the messages of the session comes of two ephemeral shares. Their secret halves were never sent and are forgotten, and SK_S does not lead to them. That is forward secrecy.',
          'SK_S is still worth having: with it, somebody can pose as the server from then on.',
        ]
      return [
        `Everything of a session that was recorded today: ${stepWords(more)} open with it${alreadyOpen(before)}.`,
        `${chainFrom(after, SERVER_KEY, more).join('; ')}.`,
        'One key that is stolen later opens every session before it.',
      ]
    },
  },
  {
    id: 'certificate',
    title: 'Why does a valid certificate not prove that the peer is the server?',
    scene: (subject) => ({ leaks: [], at: lastCertificate(subject), view: 'messages' }),
    answer: (subject) => {
      const knowledge = deduce(subject.protocol, subject.suite)
      const step = lastCertificate(subject)
      const { can, missing, shows } = forgeryOf(knowledge, EAVESDROPPER, step, knowledge.afterwards)
      const what = can
        ? `Because anybody can show it. In step ${step} the eavesdropper can send ${listed(shows)} as well as the server: nothing in that message is made for this connection with SK_S.`
        : `Because anybody can show it. Here step ${step} has something besides that can’t be copied: Proof, signed with SK_S over this very connection. Without ${listed(missing)} the message can’t be forged.`
      const opens = can
        ? 'Only step 5 tells: whoever answers it has opened it, and so has SK_S. Until then, the peer may be anybody.'
        : 'So it is not the certificate that proves that the server is there, but the proof.'
      const registers = forgeryOf(knowledge, EAVESDROPPER, 1, knowledge.afterwards).can
        ? 'And a genuine certificate can be in the wrong hands: anybody can make step 1, and unless names are set to be asked for, the authority gives a certificate for any name.'
        : undefined
      return [what, opens, ...(registers === undefined ? [] : [registers])]
    },
  },
  {
    id: 'authority',
    title: 'Can the authority read what client and server say?',
    scene: () => ({ leaks: [], at: 'end', view: 'knowledge' }),
    answer: ({ protocol, suite }) => {
      const knowledge = deduce(protocol, suite)
      const reads = readBy(knowledge, AUTHORITY).filter((step) => step > 2)
      const session = protocol.steps.filter(({ phase }) => phase === 'session').map(({ step }) => step)
      const canRead = session.every((step) => reads.includes(step))
      const has = knowledge.of(AUTHORITY).get(SERVER_KEY)
      if (canRead && has)
        return [
          `Yes, if it listens: ${stepWords(reads)} open to it.`,
          `It made SK_S in step ${has.at}, so it has what only the server should have. That is key escrow.`,
        ]
      return [
        `No, not even if it listens${butInClear(knowledge)}.`,
        'The server made SK_S itself and sent a request signed with it, so the authority never had it; and the session’s keys come of ephemeral shares besides.',
      ]
    },
  },
  {
    id: 'search',
    title: 'What if somebody searches for one key?',
    scene: () => ({ leaks: [], at: 'end', view: 'messages' }),
    answer: ({ protocol, suite }) => {
      const knowledge = deduce(protocol, suite)
      const searches = searchesOf(knowledge, EAVESDROPPER, knowledge.afterwards)
      const [first] = searches
      if (!first)
        return [
          'There is nothing to find by trying all keys: none of this suite is short enough.',
          'Every symmetric key has 256 bits. One with 56 was found in less than three days in 1998; each bit more takes twice as long.',
        ]
      const found = searches.map(({ key, bits }) => {
        const then = deduce(protocol, suite, [{ secret: key.id, when: 'afterwards' }])
        const reads = readBy(then, EAVESDROPPER).filter(
          (step) => !readBy(knowledge, EAVESDROPPER).includes(step),
        )
        return `${key.symbol} has ${bits} bits; whoever finds it reads ${stepWords(reads)}`
      })
      return [
        `${found.join('. ')}.`,
        'In 1998 a machine found such a key in less than three days. Switch a leak on to see what follows from it.',
      ]
    },
  },
]

/** What nobody needs a key for, as an exception to what they can't read. */
function butInClear(knowledge: Knowledge): string {
  const steps = knowledge.subject.protocol.steps.map(({ step }) => step)
  const clear = steps.filter((step) => isInClear(knowledge, step))
  const parts = partWords(steps.map((step) => ({ step, symbols: clearPartsOf(knowledge, step) })))
  const said = [...(clear.length === 0 ? [] : [stepWords(clear)]), ...parts]
  return said.length === 0 ? '' : ` but what is in clear and takes no key: ${listed(said)}`
}

/** What the eavesdropper reads without any leak. */
function alreadyOpen(knowledge: Knowledge): string {
  const reads = readBy(knowledge, EAVESDROPPER)
  return reads.length === 0 ? '' : `, and ${stepWords(reads)} without`
}

/** The messages that somebody has read by the end, or would have, if they listened. */
function readBy(knowledge: Knowledge, party: Party): readonly number[] {
  const { subject, afterwards } = knowledge
  return subject.protocol.steps
    .map(({ step }) => step)
    .filter((step) => readingOf(knowledge, party, step, afterwards).is !== 'closed')
}

/** What a leaked key opens, and what that has in it, one after the other. */
function chainFrom({ subject, of }: Knowledge, leaked: string, opened: readonly number[]): readonly string[] {
  const reached = new Set([leaked])
  const links = [...of(EAVESDROPPER)].flatMap(([id, { why }]) => {
    const by = why.is === 'read' ? why.opened.find((key) => reached.has(key)) : undefined
    const thing = subject.thing(id)
    if (why.is !== 'read' || by === undefined || thing?.kind === 'member') return []
    reached.add(id)
    return [{ by, step: why.step, key: thing?.symbol ?? id }]
  })
  const rest = opened.filter((step) => !links.some((link) => link.step === step))
  const last = links.at(-1)?.key ?? leaked
  return [
    ...links.map(({ by, step, key }) => `${by} opens step ${step}, which carries ${key}`),
    ...(rest.length === 0 ? [] : [`${last} opens ${stepWords(rest)}`]),
  ]
}

/** The last step whose message has a certificate in it. */
function lastCertificate(subject: Knowledge['subject']): number {
  const steps = subject.protocol.steps.map(({ step }) => step)
  const found = steps.findLast((step) =>
    membersOf(termOf(subject, step)).some(({ nature }) => nature.is === 'certificate'),
  )
  return found ?? steps.length
}

/**
 * What of a run file no check of the run covers: somebody who changes it, and the digest with it, is not found out. Listed in
 * docs/run-file.md.
 */

export interface Uncovered {
  /** Members, each with the part of the file that it stands in: `records.took`. */
  readonly members: readonly string[]
  readonly why: string
}

/** What the tests that change every byte, and every record, may miss, and nothing else. */
export const UNCOVERED: readonly Uncovered[] = [
  {
    members: ['app', 'savedAt', 'walkBegan'],
    why: 'Which version has saved the run, when, and where the walk began that the window showed.',
  },
  {
    members: ['settings'],
    why: 'Settings that no check of the run asks for. The age limit, the bootstrap key and whether addresses are enforced show where a check asks for them.',
  },
  {
    members: ['records.took', 'records.at', 'records.monotonic', 'records.id'],
    why: 'How long the work on a message took, when it began to be made, and what it is called. The time of one that was received shows in its freshness, that of a request in the life of its session.',
  },
  {
    members: ['records.unmade'],
    why: 'The words of checks that could not be made again, for want of a key, and of the refusal that they led to; it is said beside each.',
  },
  {
    members: ['records.unopened'],
    why: 'Why a ciphertext did not open: each program says that in its own words. That it did not is checked.',
  },
  {
    members: ['records.last'],
    why: 'The last records of an end of a connection, where nothing that is kept has come of them: it looks as if the connection had been cut there.',
  },
  {
    members: ['records.whole'],
    why: 'All records of an end, of a connection or of a role, where no certificate and no session that is listed has come of them: other programs leave none, nor does the client of walks that Start over has ended.',
  },
  {
    members: ['records.first'],
    why: 'The oldest records of an end, in a run of so many that the oldest had to go: at least 2,000 of authority and server, 500 of the client, or 16 MiB of either.',
  },
  {
    members: ['records.order'],
    why: 'Which of two records came first, where neither end waited for the other, or where the frame came otherwise than it was sent; and where the client’s clock seems to have been set.',
  },
  {
    members: ['connections'],
    why: 'Names and ports of connections, but for the client’s, which step 5 says again.',
  },
  {
    members: ['frames.refused'],
    why: 'Bytes of a frame that was refused as it does not open: any other that does not open is refused likewise.',
  },
  {
    members: ['frames.closed'],
    why: 'Bytes of a frame for which the run has no key, in either end’s record: that it could not be opened again is said beside the message.',
  },
  {
    members: ['anchors.from'],
    why: 'From when a certificate of the authority held, as far as no message falls between two of them.',
  },
  {
    members: ['secrets.Z', 'secrets.K_sess', 'secrets.K_c2s', 'secrets.K_s2c'],
    why: 'The shared secret, which no check asks for once keys were derived from it; a session key of `modern` that was leaked, where both ends have forgotten it; and keys of a session in which nothing was sent under them.',
  },
  {
    members: ['attack.word', 'attack.bytes'],
    why: 'Of a run of an attack the random word, where the adversary does not say it; and frames of its own that no role has recorded.',
  },
  {
    members: [
      'adversary.at',
      'adversary.held',
      'adversary.does',
      'adversary.name',
      'adversary.as',
      'adversary.key',
    ],
    why: 'When an adversary on the wire saw something and how long it held it, and what it did besides: leaks, poses, its switch.',
  },
  {
    members: [
      'adversary.came',
      'adversary.instead',
      'adversary.fate',
      'adversary.line',
      'adversary.address',
      'adversary.port',
    ],
    why: 'Frames and connections of an adversary of which no role has recorded anything: what was dropped, or never read, as it went on, and where other programs were.',
  },
  {
    members: ['authority', 'server'],
    why: 'What their windows showed besides messages: whether and where they listened, names that were given, and how sessions ended. Certificates are verified, and sessions held against their messages.',
  },
]

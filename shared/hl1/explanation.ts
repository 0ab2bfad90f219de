/** What a suite says in words of its form of a step: how it goes, what holds, what stays weak, what was repaired. */

/** The weaknesses of this protocol, and what there is once they are repaired; `classic` has most, `modern` what is left. */
export const WEAKNESSES = {
  bootstrap_key: { title: 'A key that everyone has', repaired: 'No key that everyone has' },
  key_escrow: { title: 'Key escrow', repaired: 'No key escrow' },
  no_proof: { title: 'No proof that the server is there', repaired: 'Proof that the server is there' },
  no_integrity: { title: 'No integrity', repaired: 'Integrity' },
  short_key: { title: 'A key that can be searched for', repaired: 'A long key' },
  clock_alone: { title: 'Only the clock stands against replay', repaired: 'No replay' },
  no_forward_secrecy: { title: 'No forward secrecy', repaired: 'Forward secrecy' },
  client_unknown: { title: 'Client not authenticated', repaired: 'Client authenticated' },
  name_unchecked: { title: 'Name not checked', repaired: 'Name checked' },
  no_possession: { title: 'No proof of possession', repaired: 'Proof of possession' },
  unbound_answer: { title: 'Nothing ties the answer to its request', repaired: 'Answer tied to its request' },
  in_clear: { title: 'Sent in clear', repaired: 'Encrypted' },
  no_revocation: { title: 'No revocation', repaired: 'Revocation' },
  other_certificate: { title: 'A second certificate in the same name', repaired: 'One certificate a name' },
} as const
export type Weakness = keyof typeof WEAKNESSES

/** What is said of a weakness at one step: that it is there, or what its repair prevents. */
export interface Remark {
  readonly weakness: Weakness
  readonly text: string
  /** Where it is written: a section of protocol.md, an RFC, another standard. */
  readonly source: string
}

/** What a message can be protected for, in the order in which it is shown. */
export const PROPERTIES = {
  confidentiality: { title: 'Secrecy', about: 'Nobody but the receiver can read it.' },
  integrity: { title: 'Integrity', about: 'A change on the way is noticed.' },
  freshness: { title: 'Freshness', about: 'A recorded message is refused when it is sent again.' },
  sender: { title: 'Sender', about: 'The receiver knows who made it.' },
  forwardSecrecy: {
    title: 'Forward secrecy',
    about: 'A private key that leaks later does not open it.',
  },
} as const
export type Property = keyof typeof PROPERTIES

/** Whether a property holds, and by what; `needless` where there is nothing to protect. */
export interface Guarantee {
  readonly holds: 'yes' | 'partly' | 'no' | 'needless'
  readonly by: string
}

/** A suite's words on one step. */
export interface StepExplanation {
  /** What happens and why, for someone who has read half a chapter about certificates. */
  readonly story: string
  readonly guarantees: Readonly<Record<Property, Guarantee>>
  /** What this form of the step does not protect against; the gravest first. */
  readonly weaknesses: readonly Remark[]
  /** What is repaired in this form of the step, and what that prevents. */
  readonly repairs: readonly Remark[]
}

/** Shorthands for the tables of the suites. */
export const yes = (by: string): Guarantee => ({ holds: 'yes', by })
export const partly = (by: string): Guarantee => ({ holds: 'partly', by })
export const no = (by: string): Guarantee => ({ holds: 'no', by })
export const needless = (by: string): Guarantee => ({ holds: 'needless', by })

/** What a sheet says in words of its step: how it goes, what holds, what stays weak, what was repaired. */

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

/** How a weakness is called, and what there is once it is repaired. */
export interface WeaknessInfo {
  readonly title: string
  readonly repaired: string
}

/** What is said of a weakness at one step: that it is there, or what its repair prevents. */
export interface Remark<W extends string = string> {
  readonly weakness: W
  readonly text: string
  /** Where it is written: a section of the protocol, an RFC, another standard. */
  readonly source: string
}

/** A suite's words on one step. */
export interface StepExplanation<W extends string = string> {
  /** What happens and why, for someone who has read half a chapter about certificates. */
  readonly story: string
  readonly guarantees: Readonly<Record<Property, Guarantee>>
  /** What this form of the step does not protect against; the gravest first. */
  readonly weaknesses: readonly Remark<W>[]
  /** What is repaired in this form of the step, and what that prevents. */
  readonly repairs: readonly Remark<W>[]
}

/** Shorthands for the tables of the suites. */
export const yes = (by: string): Guarantee => ({ holds: 'yes', by })
export const partly = (by: string): Guarantee => ({ holds: 'partly', by })
export const no = (by: string): Guarantee => ({ holds: 'no', by })
export const needless = (by: string): Guarantee => ({ holds: 'needless', by })

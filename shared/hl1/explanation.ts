/** The weaknesses of this protocol by name, and what suites say of them. */
import type {
  Remark as AnyRemark,
  StepExplanation as AnyExplanation,
  WeaknessInfo,
} from '../record/explanation'

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
} as const satisfies Readonly<Record<string, WeaknessInfo>>
export type Weakness = keyof typeof WEAKNESSES

/** What is said of a weakness at one step. */
export type Remark = AnyRemark<Weakness>
/** A suite's words on one step. */
export type StepExplanation = AnyExplanation<Weakness>

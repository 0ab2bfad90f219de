/** Every attack, in the order in which people meet them. */
import type { Attack } from './attack'
import { certificateAttacks } from './attacks/certificates'
import { changingAttacks } from './attacks/changing'
import { listeningAttacks } from './attacks/listening'
import { posingAttacks } from './attacks/posing'
import { registeringAttacks } from './attacks/registering'
import { replayingAttacks } from './attacks/replaying'
import { withholdingAttacks } from './attacks/withholding'

export const ATTACKS: readonly Attack[] = [
  ...listeningAttacks,
  ...replayingAttacks,
  ...posingAttacks,
  ...certificateAttacks,
  ...changingAttacks,
  ...registeringAttacks,
  ...withholdingAttacks,
]

export function attackById(id: string): Attack | undefined {
  return ATTACKS.find((attack) => attack.id === id)
}

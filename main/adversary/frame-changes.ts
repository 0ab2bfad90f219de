/** What is done to a frame while it is held: other bytes, a bit, a member, another frame in its place. */
import { equalBytes, toHex, type Bytes } from '#shared/bytes'
import { changeText, flipBit, withLength, withMember } from '#shared/adversary/moves'
import { unread } from '#shared/adversary/reading'
import { scriptValue, type Action } from '#shared/adversary/script'
import type { MemberValue } from '#shared/record/member'
import type { Insight } from './insight'
import type { Playbook } from './playbook'
import { nameOf, type SeenFrame } from './seen-frame'

export interface FrameChangesOptions {
  readonly insight: Insight
  readonly playbook: Playbook
}

export class FrameChanges {
  constructor(private readonly options: FrameChangesOptions) {}

  /** Gives it other bytes, with the length field that they have or the one that they need. @throws LabError `cannot_change` */
  edit(frame: SeenFrame, bytes: Bytes, length: 'kept' | 'recomputed'): void {
    const changed = withLength(bytes, length)
    // It is in the script as it is now, whatever was done to it before.
    const hex = toHex(changed)
    const text = changeText(frame.bytes, changed)
    if (!equalBytes(frame.bytes, changed)) frame.change(changed, { does: 'bytes', hex, length: 'kept' }, text)
  }

  /** Turns one bit of it over; 0 is the least significant one. @throws LabError `cannot_change` */
  flip(frame: SeenFrame, byte: number, bit: number): void {
    const text = `Flipped bit ${bit} of byte ${byte}.`
    frame.change(flipBit(frame.bytes, byte, bit), { does: 'flip', byte, bit: bit as 0 }, text)
  }

  /**
   * Gives one of its members another value, and seals it again. `stillHeld` throws where it must not be changed any more.
   * @throws LabError `cannot_change`, `no_key`; whatever `stillHeld` throws
   */
  async setMember(
    frame: SeenFrame,
    member: string,
    value: MemberValue,
    stillHeld: () => void = () => undefined,
  ): Promise<void> {
    const { insight } = this.options
    await insight.settled
    const read = (frame.changed ? await insight.readChanged(frame) : frame.read) ?? unread(frame.bytes)
    const bytes = await withMember(read, member, value, insight.handsOn(frame))
    stillHeld()
    const action: Action = { does: 'member', member, value: scriptValue(value) }
    frame.change(bytes, action, `Gave ${member} another value, and sealed the message again.`)
  }

  /** Puts another frame in its place, as that came. @throws LabError `cannot_change` */
  replace(frame: SeenFrame, by: SeenFrame): void {
    const place = this.options.playbook.placeOf(by)
    const hex = toHex(by.came)
    const action: Action = place ? { does: 'replace', by: place } : { does: 'bytes', hex, length: 'kept' }
    frame.change(by.came, action, `Put ${nameOf(by)} in its place.`)
  }
}

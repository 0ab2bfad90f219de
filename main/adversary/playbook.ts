/** What the adversary did, kept as rules that can be run again; and a script while it runs. */
import type { Bytes } from '#shared/bytes'
import type { ScriptView } from '#shared/adversary/live'
import {
  placeText,
  readScript,
  ruleText,
  SCRIPT_BOUNDS,
  SCRIPT_FORMAT,
  writeScript,
} from '#shared/adversary/script'
import type { Action, Place, Rule, Script } from '#shared/adversary/script'
import type { SeenFrame, SeenFrames } from './seen-frame'

/** Counts frames by step and direction, from a beginning. */
class Count {
  readonly #counts = new Map<string, number>()
  /** Where each place's frame is, while that is kept. */
  readonly #frames = new Map<string, number>()
  readonly #places = new WeakMap<SeenFrame, Place>()

  add(frame: SeenFrame): Place {
    const { step, direction } = frame
    const nth = (this.#counts.get(`${step} ${direction}`) ?? 0) + 1
    const place = { step, direction, nth }
    this.#counts.set(`${step} ${direction}`, nth)
    this.#frames.set(nameOf(place), frame.id)
    // Only the newest are kept by anybody.
    const [oldest] = this.#frames.keys()
    if (this.#frames.size > MOST_PLACES && oldest !== undefined) this.#frames.delete(oldest)
    this.#places.set(frame, place)
    return place
  }

  placeOf(frame: SeenFrame): Place | undefined {
    return this.#places.get(frame)
  }

  at(place: Place): number | undefined {
    return this.#frames.get(nameOf(place))
  }
}

const MOST_PLACES = 1_000
/** Steps that there are, and 0 for alerts: what has another number has no place in a script. */
const LAST_STEP = 8

/** Room is left for the layout. */
const MOST_RECORDED = SCRIPT_BOUNDS.bytes / 2

export class Playbook {
  #recorded: Rule[] = []
  /** Characters of what was recorded, without the layout of its file. */
  #size = 0
  #since = new Count()
  #last: SeenFrame | undefined
  /** The script of a file. */
  #opened: Script | undefined
  #running: { readonly script: Script; readonly count: Count; readonly done: Set<Rule> } | undefined

  constructor(private readonly frames: Pick<SeenFrames, 'get'>) {}

  /** A frame of somebody else has come; the rule of the running script that is about it. */
  meet(frame: SeenFrame): Rule | undefined {
    if (frame.step > LAST_STEP) return undefined
    this.#last = frame
    this.#since.add(frame)
    const running = this.#running
    if (!running) return undefined
    const place = running.count.add(frame)
    const rule = running.script.rules.find(({ on }) => nameOf(on) === nameOf(place))
    if (rule) running.done.add(rule)
    return rule
  }

  /** The frame at a place, counted from when the running script began. */
  at(place: Place): SeenFrame | undefined {
    const id = this.#running?.count.at(place)
    return id === undefined ? undefined : this.frames.get(id)
  }

  /** The frame that came last of those that have a place; undefined where none has since everything was forgotten. */
  get last(): SeenFrame | undefined {
    return this.#last
  }

  /** The place of a frame, for a rule to be recorded. */
  placeOf(frame: SeenFrame): Place | undefined {
    return this.#since.placeOf(frame)
  }

  /** Keeps what was done to a frame, or after it; false where no rule can say it. */
  record(frame: SeenFrame, actions: readonly Action[]): boolean {
    // What a script does is in that script.
    if (this.#running || actions.length === 0) return false
    const on = this.placeOf(frame)
    if (!on) return false
    // What is recorded can be saved, and opened again.
    const size = JSON.stringify(actions).length
    if (this.#size + size > MOST_RECORDED) return false
    const there = this.#recorded.find((rule) => nameOf(rule.on) === nameOf(on))
    const all = [...(there?.do ?? []), ...actions]
    if (all.length > SCRIPT_BOUNDS.actions || (!there && this.#recorded.length >= SCRIPT_BOUNDS.rules))
      return false
    const rule: Rule = { on, do: all }
    this.#recorded = there
      ? this.#recorded.map((each) => (each === there ? rule : each))
      : [...this.#recorded, rule]
    this.#size += size
    return true
  }

  get recorded(): readonly string[] {
    return this.#recorded.map(ruleText)
  }

  /** What was done until now, as a file. */
  file(title: string): Bytes {
    return writeScript({ title, rules: this.#recorded })
  }

  /** Takes a script; throws LabError `bad_script`. One that runs ends. */
  open(bytes: Bytes): void {
    this.#opened = readScript(bytes)
    this.#running = undefined
  }

  /** Runs the script that was opened, or what was recorded where none was. */
  run(): void {
    const script = this.#opened ?? {
      format: SCRIPT_FORMAT,
      version: 1,
      title: 'What was done',
      rules: this.#recorded,
    }
    this.#running = { script, count: new Count(), done: new Set() }
  }

  stop(): void {
    this.#running = undefined
  }

  /** Forgets what was recorded, and begins to count anew; a script that was opened stays. */
  forget(): void {
    this.#recorded = []
    this.#size = 0
    this.#since = new Count()
    this.#last = undefined
    this.#running = undefined
  }

  get script(): ScriptView | undefined {
    const running = this.#running
    const script = running?.script ?? this.#opened
    if (!script) return undefined
    const { title, rules } = script
    return {
      from: script === this.#opened ? 'file' : 'recorded',
      title,
      rules: rules.map(ruleText),
      isRunning: running !== undefined,
      done: rules.flatMap((rule, index) => (running?.done.has(rule) ? [index] : [])),
    }
  }
}

function nameOf(place: Place): string {
  return placeText(place)
}

/** Where the windows go on the screens that there are, and what is remembered of where they were left. */
import { screen } from 'electron'
import { otherwise } from '#shared/errors'
import { WINDOWS, type Size, type WindowName } from '#shared/windows'
import { readJson, replaceFile } from '../files/json-file'
import { setAside } from '../files/own-file'
import { defaultPlacement, frameOn, minimumOn, whereOpened, type Rectangle } from './arrangement'
import {
  areSameScreens,
  fitted,
  NOTHING_REMEMBERED,
  rememberedPlaces,
  validPlacement,
  type Remembered,
} from './placement'

const FRAME = frameOn(process.platform)

export class Places {
  #remembered: Remembered = NOTHING_REMEMBERED

  /** @param file keeps where the windows were left */
  constructor(private readonly file: string) {}

  /** Reads where the windows were left. A damaged file is set aside, which the result says. */
  read(): string | undefined {
    const read = readJson(this.file)
    if (!read) return undefined
    if ('value' in read) {
      this.#remembered = rememberedPlaces(read.value)
      return undefined
    }
    return `The windows stand where they do at first: ${this.file} could not be read. ${read.wrong} ${setAside(this.file)}`
  }

  /** Where to open a window: where it was left, if the screens are the same and that is on one of them, or else where it is arranged. */
  of(name: WindowName): Rectangle {
    const { places, screens } = this.#remembered
    const displays = screen.getAllDisplays()
    const isSame = areSameScreens(
      screens,
      displays.map(({ bounds }) => bounds),
    )
    const areas = displays.map(({ workArea }) => workArea)
    const left = isSame ? validPlacement(places[name], areas) : undefined
    if (!left) return whereOpened(this.arranged()[name], FRAME)
    return fitted(left, screen.getDisplayMatching(left).workArea, FRAME)
  }

  /** The smallest size that a window may have where it stands. */
  minimumAt(name: WindowName, place: Rectangle): Size {
    return minimumOn(screen.getDisplayMatching(place).workArea, WINDOWS[name].minimum, FRAME)
  }

  /** Where the windows stand when they are arranged, on the screen that `near` is on or else the first one. */
  arranged(near?: Rectangle): Readonly<Record<WindowName, Rectangle>> {
    const display = near ? screen.getDisplayMatching(near) : screen.getPrimaryDisplay()
    return defaultPlacement(display.workArea, WINDOWS, FRAME)
  }

  /** Whether a window can stay where it is: most of it is on a screen, and no side of it is longer than that has room for. */
  holds(place: Rectangle): boolean {
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
    if (!validPlacement(place, areas)) return false
    const { width, height } = fitted(place, screen.getDisplayMatching(place).workArea, FRAME)
    return width === place.width && height === place.height
  }

  /** Remembers where the windows stand. What can't be written is not worth stopping for. */
  async save(now: Readonly<Partial<Record<WindowName, Rectangle>>>): Promise<void> {
    const screens = screen.getAllDisplays().map(({ bounds }) => bounds)
    const content = { ...this.#remembered.places, ...now, screens }
    await replaceFile(this.file, `${JSON.stringify(content, null, 2)}\n`).catch(otherwise(undefined))
  }
}

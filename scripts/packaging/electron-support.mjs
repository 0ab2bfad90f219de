// How long each Electron is looked after: nobody mends a hole in Chromium for one that is out of support, so none is packed.

/**
 * The day on which support for each major version ends. Electron supports the newest three
 * (https://www.electronjs.org/docs/latest/tutorial/electron-timelines): one ends as the third after it is released. Past days are
 * those of that page for 33 and 34, then those of the third after it in the npm registry (`npm view electron time`). Where
 * that one is not out yet, it is counted with the eight weeks that are between two majors: three of them after its own release.
 * To be looked at whenever Electron is raised.
 * @type {Readonly<Record<number, string>>}
 */
const ENDS = {
  33: '2025-04-29',
  34: '2025-06-24',
  35: '2025-09-03',
  36: '2025-10-28',
  37: '2026-01-16',
  38: '2026-03-11',
  39: '2026-05-06',
  40: '2026-07-01',
  41: '2026-08-25',
  42: '2026-10-21',
  43: '2026-12-16',
  44: '2027-02-09',
  45: '2027-04-07',
}
const OLDEST = Math.min(...Object.keys(ENDS).map(Number))

/**
 * @param {string} version of Electron
 * @param {Date} now
 * @returns {string | undefined} the day on which its support ended, for people; undefined while it has some, or is newer than
 *   this table
 */
export function outOfSupportSince(version, now) {
  const major = Number.parseInt(version, 10)
  if (!(major >= OLDEST)) return 'long ago'
  const end = ENDS[major]
  return end !== undefined && now >= new Date(`${end}T00:00:00Z`) ? `since ${end}` : undefined
}

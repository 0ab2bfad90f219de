/** The conducts of the suites: what each side does at each step. What is sent is in the sheets, in `suites.ts`. */
import { classicConduct } from './classic/conduct'
import type { SuiteConduct } from './conduct'
import { modernConduct } from './modern/conduct'
import type { SuiteName } from './suite-names'

export const CONDUCTS: Readonly<Record<SuiteName, SuiteConduct>> = {
  classic: classicConduct,
  modern: modernConduct,
}

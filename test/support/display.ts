/** Puts the windows of this Playwright worker on a display of their own, so that none has another's focus or clipboard. */
const displays = process.env['TEST_DISPLAYS']?.split(' ') ?? []
const own = displays[Number(process.env['TEST_PARALLEL_INDEX'] ?? 0)]
if (own) process.env['DISPLAY'] = own

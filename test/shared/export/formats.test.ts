/** What is said of the forms of export is true of everything that can be written in them. */
import { describe, expect, it } from 'vitest'
import { EXPORT_FILES } from '#shared/export/items'
import { FORMATS } from '#shared/export/formats'

describe.each(EXPORT_FILES.filter((file) => file.private))('$id', ({ format }) => {
  it('has a form of which nothing is said that holds for public keys alone', () => {
    expect(FORMATS[format].about).not.toMatch(/publish|public/i)
  })
})

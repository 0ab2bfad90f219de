import { describe, expect, it } from 'vitest'
import { newsOfClosing, newsOfLoss, newsOfReturn } from '#main/windows/page-news'

const QUIET = { connections: 0, experiment: false }

describe('a page that was lost', () => {
  it.each([
    ['failed', 'This window failed and was loaded again.'],
    ['reloaded', 'This window was loaded again.'],
  ] as const)('and %s says so, what is lost, and that the others go on', (how, happened) => {
    const connected = newsOfLoss('client', how, { connections: 1, experiment: false })
    expect(connected).toContain(happened)
    expect(connected).toContain('its connection to the server, its keys, and its session')
    expect(connected).toContain('Authority and server go on')
    expect(newsOfLoss('client', how, QUIET)).toContain('no session is lost')
  })

  it('says of a trial that it was given up only where one ran', () => {
    expect(newsOfLoss('client', 'failed', { ...QUIET, experiment: true })).toContain('given up')
    expect(newsOfLoss('client', 'failed', QUIET)).not.toContain('given up')
  })

  it('of authority or server holds nothing: a failure is told, loading again is not', () => {
    expect(newsOfLoss('server', 'failed', QUIET)).toContain('Nothing is lost: the server runs')
    expect(newsOfLoss('authority', 'reloaded', QUIET)).toBeUndefined()
  })
})

describe('a window that was closed', () => {
  it('says where it went, that its role goes on, and every way back', () => {
    const said = newsOfClosing('server', 'linux')
    expect(said).toContain('“Application Server” is closed')
    expect(said).toContain('The server goes on')
    expect(said).toMatch(/Ctrl\+2, or a click on its name above the steps, brings it back/)
    expect(said).toContain('menu Window')
    expect(newsOfClosing('server', 'darwin')).toContain('⌘+2')
  })

  it('names no way back that is closed with it: the diagram is the client’s', () => {
    const said = newsOfClosing('client', 'linux')
    expect(said).toContain('Ctrl+3 brings it back')
    expect(said).not.toContain('above the steps')
  })
})

describe('a window that was closed and is back', () => {
  it('says that nothing is lost, and whether the connection was kept', () => {
    expect(newsOfReturn({ connections: 1, experiment: false })).toMatch(
      /kept its connection .* Nothing is lost/,
    )
    expect(newsOfReturn(QUIET)).toMatch(/no connection .* Nothing is lost/)
  })

  it('says of a trial that it was given up', () => {
    const news = newsOfReturn({ connections: 0, experiment: true })
    expect(news).toContain('given up')
    expect(news).not.toContain('Nothing is lost')
  })
})

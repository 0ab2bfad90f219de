import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import type { CertSView } from '#shared/inspect/describe'
import { effectsOf } from '#shared/settings-effects'
import { labView, sessionView, type LabViewChanges } from '../support/lab-view'

const effects = (changes: Partial<Settings>, lab: LabViewChanges = {}) =>
  effectsOf(labView(lab), DEFAULT_SETTINGS, { ...DEFAULT_SETTINGS, ...changes })
const kinds = (changes: Partial<Settings>, lab: LabViewChanges = {}) =>
  effects(changes, lab).map(({ kind }) => kind)

describe('what saving settings does to what runs', () => {
  it('is nothing for most of them', () => {
    const changes: Partial<Settings> = {
      lifetime: 100,
      maxAge: 20,
      clientIdentity: 'ID-Anna',
      rsaBits: 3072,
      validityDays: 1,
      bootstrapKey: '0123456789abcdef',
      enforceAddress: true,
      idleLimit: 5,
      maxConnections: 2,
      theme: 'dark',
    }
    expect(effects(changes)).toEqual([])
    expect(effects({})).toEqual([])
  })

  it('is that a role which runs listens at another port, and what ends with that', () => {
    expect(effects({ authorityPort: 18_001 })).toEqual([
      {
        kind: 'move_authority',
        text: 'The authority listens on port 18001 instead of 17401. It keeps its key.',
      },
    ])
    const sessions = [
      sessionView(),
      sessionView({ connected: false }),
      sessionView({ end: { how: 'lifetime', at: 0 } }),
    ]
    const [moved] = effects({ serverPort: 18_002 }, { server: { sessions } })
    expect(moved?.text).toContain('port 18002 instead of 17402')
    expect(moved?.text).toContain('One session ends.')
    const [quiet] = effects({ serverPort: 18_002 })
    expect(quiet?.text).not.toContain('session')
    const two = { server: { sessions: [sessionView(), sessionView()] } }
    expect(effects({ serverPort: 18_002 }, two)[0]?.text).toContain('2 sessions end.')
  })

  it('is no move where the role is stopped, listens there already, or may listen anywhere', () => {
    expect(
      kinds({ authorityPort: 18_001 }, { authority: { status: 'stopped', address: undefined } }),
    ).toEqual([])
    const there = { address: '127.0.0.1', port: 18_001 }
    expect(kinds({ authorityPort: 18_001 }, { authority: { address: there } })).toEqual([])
    expect(kinds({ authorityPort: 0, serverPort: 0 })).toEqual([])
    // On another port than the settings say, since that was taken: not touched by saving something else.
    expect(kinds({ lifetime: 100 }, { authority: { address: there } })).toEqual([])
  })

  it('is another authority where it runs and gets another name', () => {
    const [renamed] = effects({ authorityIdentity: 'ID-Root' })
    expect(renamed).toMatchObject({ kind: 'new_authority' })
    expect(renamed?.text).toContain('ID-Root')
    expect(kinds({ authorityIdentity: 'ID-Root' }, { authority: { status: 'stopped' } })).toEqual([])
    expect(kinds({ authorityIdentity: 'ID-Root' }, { authority: { identity: 'ID-Root' } })).toEqual([])
  })

  it('is that a registered server has to register again, with the reasons', () => {
    const modern = { ...DEFAULT_SETTINGS, suite: 'modern' } as const
    const toClassic = { ...DEFAULT_SETTINGS, serverIdentity: 'ID-Web' }
    expect(effectsOf(labView(), modern, toClassic)).toEqual([
      {
        kind: 'register_again',
        text: 'The server has to register again, since its certificate is in its old name and suite Classic needs a Cert_S, which its registration has not brought.',
      },
    ])
    const none = labView({ server: { registration: 'none' } })
    expect(effectsOf(none, modern, toClassic)).toEqual([])
  })

  it('is no registration where the server can serve the other suite; but it says whose key pair that is', () => {
    const certS = { text: '', signature: '' } as unknown as CertSView
    expect(effects({ suite: 'modern' }, { server: { certS } })).toEqual([
      {
        kind: 'escrowed_key',
        text: 'The server serves suite Modern with the key pair that the authority made for it, until it registers again and makes its own.',
      },
    ])
    expect(kinds({ suite: 'modern', serverIdentity: 'ID-Web' }, { server: { certS } })).toEqual([
      'register_again',
    ])
  })
})

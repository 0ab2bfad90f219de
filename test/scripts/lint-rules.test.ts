/** The lint rules that hold the walls between the rooms and points of Electron's checklist: each fails when it is broken. */
import { ESLint } from 'eslint'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const eslint = new ESLint({ cwd: ROOT })

/** The rules that a text breaks as a file of that path. */
async function broken(path: string, text: string): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: resolve(ROOT, path) })
  return result?.messages.map(({ ruleId }) => ruleId) ?? []
}

describe('in the main process', () => {
  it.each([
    'shell.openExternal("https://example.com")',
    'window.loadFile("index.html")',
    'void window.loadURL("file:///index.html")',
    'void contents.executeJavaScript("1")',
    'void contents.insertCSS("p{}")',
    'make({ nodeIntegration: true })',
    'make({ nodeIntegrationInWorker: true })',
    'make({ contextIsolation: false })',
    'make({ sandbox: false })',
    'make({ webSecurity: false })',
    'make({ webviewTag: true })',
    'make({ allowRunningInsecureContent: true })',
    'make({ experimentalFeatures: true })',
    'make({ enableBlinkFeatures: "X" })',
  ])('%s is refused', async (code) => {
    expect(await broken('main/windows/windows.ts', `${code}\n`)).toContain('no-restricted-syntax')
  })

  it('calls from windows arrive in the router alone', async () => {
    const code = "import { ipcMain } from 'electron'\nipcMain.handle('x', () => 1)\n"
    expect(await broken('main/windows/windows.ts', code)).toContain('no-restricted-imports')
    expect(await broken('main/ipc/router.ts', code)).toEqual([])
  })
})

describe('the walls between the rooms', () => {
  it.each([
    ['shared/hl1/steps.ts', 'node:fs'],
    ['shared/hl1/steps.ts', 'electron'],
    ['shared/hl1/steps.ts', 'vue'],
    ['shared/hl1/steps.ts', 'node-forge'],
    ['shared/hl1/message.ts', '@noble/hashes/sha2.js'],
    ['shared/crypto/primitives/rsa.ts', 'node:crypto'],
    ['main/lab/lab.ts', 'vue'],
    ['main/lab/lab.ts', 'node-forge'],
    ['main/lab/lab.ts', '../../renderer/common/format'],
    ['renderer/common/format.ts', 'node:fs'],
    ['renderer/common/format.ts', 'electron'],
    ['renderer/common/format.ts', '../../main/lab/lab'],
    ['renderer/common/format.ts', 'node-forge'],
  ])('%s does not import %s', async (path, name) => {
    expect(await broken(path, `import * as x from '${name}'\nexport const y = x\n`)).toContain(
      'no-restricted-imports',
    )
  })
})

it('a view puts no text of anyone into the page as markup', async () => {
  const view =
    '<script setup lang="ts">\nconst a = "<b>"\n</script>\n\n<template>\n  <p v-html="a"></p>\n</template>\n'
  expect(await broken('renderer/common/controls/Tip.vue', view)).toContain('vue/no-v-html')
})

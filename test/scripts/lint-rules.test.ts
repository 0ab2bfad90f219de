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

describe('what is shown has one writer for each medium', () => {
  it.each([
    ['main/lab/lab.ts', 'console.log(1)'],
    ['main/terminal/run.ts', 'process.stdout.write("x")'],
    ['main/terminal/run.ts', 'process.stderr.write("x")'],
    ['main/windows/windows.ts', 'window.setTitle(name)'],
    ['renderer/client/main.ts', 'element.textContent = name'],
    ['renderer/client/main.ts', 'element.innerHTML = name'],
    ['renderer/client/main.ts', 'document.title = name'],
    ['renderer/client/main.ts', 'document.createTextNode(name)'],
    ['renderer/client/main.ts', 'element.setAttribute("title", name)'],
    ['renderer/client/main.ts', 'alert(name)'],
    ['main/lab/lab.ts', 'made(new Date(received).toISOString())'],
    ['shared/hl1/message.ts', 'made(new Date(received).toISOString())'],
    ['renderer/common/format.ts', 'made(new Date(received).toISOString())'],
  ])('in %s not: %s', async (path, code) => {
    expect(await broken(path, `${code}\n`)).toContain('no-restricted-syntax')
  })

  it.each([
    ['main/ipc/export.ts', 'electron', 'dialog', 'main/windows/dialogs.ts'],
    ['main/ipc/router.ts', 'electron', 'Notification', 'main/windows/dialogs.ts'],
    ['renderer/client/main.ts', 'vue', 'createApp', 'renderer/common/page.ts'],
    ['renderer/client/main.ts', '@vue/runtime-dom', 'render', 'renderer/common/page.ts'],
  ])('%s does not import from %s: %s', async (path, from, name, writer) => {
    const code = `import { ${name} } from '${from}'\nexport const x = ${name}\n`
    expect(await broken(path, code)).toContain('no-restricted-imports')
    expect(await broken(writer, code)).not.toContain('no-restricted-imports')
  })

  it('the writers may', async () => {
    expect(await broken('main/log/stdio.ts', 'process.stdout.write("x")\n')).toEqual([])
    expect(await broken('shared/time.ts', 'export const x = (at) => new Date(at)\n')).toEqual([])
  })
})

import { expect, test } from 'vitest'
import { DEFAULT_SETTINGS, MAX_FONT_SIZE, MIN_FONT_SIZE, parseSettings } from './settings.ts'

test('a browser that never stored settings has the defaults', () => {
  expect(parseSettings(null)).toEqual(DEFAULT_SETTINGS)
  expect(parseSettings([])).toEqual(DEFAULT_SETTINGS)
})

test('settings of an older version keep what is known and fill the rest', () => {
  expect(parseSettings({ terminalSize: 15, copyOnSelect: true, gone: 1 })).toEqual({
    ...DEFAULT_SETTINGS,
    terminalSize: 15,
    copyOnSelect: true,
  })
})

test('sizes nobody could read are brought back into the readable range', () => {
  expect(parseSettings({ textSize: 200, codeSize: 1, terminalSize: Number.NaN })).toEqual({
    ...DEFAULT_SETTINGS,
    textSize: MAX_FONT_SIZE,
    codeSize: MIN_FONT_SIZE,
  })
})

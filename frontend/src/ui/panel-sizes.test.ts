// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest'

import { keyMove, readPanelSizes, sizeBefore, writePanelSizes } from './panel-sizes.ts'

afterEach(() => localStorage.clear())

const free = { minSize: 0, maxSize: Infinity }

test('a handle stops where a panel beside it would become too small or too large', () => {
  expect(sizeBefore(300, 1_000, free, free)).toBe(300)
  expect(sizeBefore(100, 1_000, { minSize: 200, maxSize: 400 }, free)).toBe(200)
  expect(sizeBefore(900, 1_000, { minSize: 200, maxSize: 400 }, free)).toBe(400)
  expect(sizeBefore(900, 1_000, free, { minSize: 320, maxSize: Infinity })).toBe(680)
  expect(sizeBefore(100, 1_000, free, { minSize: 0, maxSize: 600 })).toBe(400)
})

test('with too little room for both, the panel before the handle keeps its least size', () => {
  expect(sizeBefore(50, 400, { minSize: 200, maxSize: 400 }, { minSize: 320, maxSize: Infinity })).toBe(200)
})

test('arrow keys move along the direction, Home and End to the limits', () => {
  expect(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'Home', 'End', 'a'].map((key) => keyMove(key, false, true))).toEqual([
    -16,
    16,
    null,
    -Infinity,
    Infinity,
    null,
  ])
  expect(['ArrowUp', 'ArrowDown', 'ArrowLeft'].map((key) => keyMove(key, true, false))).toEqual([-64, 64, null])
})

test('sizes come back, and what is no size does not', () => {
  writePanelSizes('x', { left: 260, right: 1.5 })
  expect(readPanelSizes('x')).toEqual({ left: 260, right: 1.5 })
  localStorage.setItem('octo.layout.x', '{"left": "wide", "right": -4, "centre": 3}')
  expect(readPanelSizes('x')).toEqual({ centre: 3 })
  localStorage.setItem('octo.layout.x', 'not json')
  expect(readPanelSizes('x')).toEqual({})
})

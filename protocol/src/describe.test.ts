import { expect, test } from 'vitest'
import { methods, notifications } from './catalog.ts'
import { describeProtocol } from './describe.ts'

const description = describeProtocol()

test('every method and notification is described once, in its room and with its side', () => {
  expect(description.methods.map((method) => method.name).toSorted()).toEqual(Object.keys(methods).toSorted())
  expect(description.notifications.map((notice) => notice.name).toSorted()).toEqual(
    Object.keys(notifications).toSorted(),
  )
  expect(description.methods.find((method) => method.name === 'terminals.attach')).toMatchObject({
    kind: 'query',
    side: 'runner',
    role: 'member',
    attaches: true,
    input: { type: 'object', required: ['terminal', 'stream', 'client'] },
  })
})

test('every reference leads to a definition, and every definition is referred to', () => {
  const text = JSON.stringify(description)
  const referred = new Set(Array.from(text.matchAll(/"#\/\$defs\/(\w+)"/gu), (match) => match[1]))
  expect(referred).toEqual(new Set(Object.keys(description.$defs)))
})

test('answers may have members that a client does not know yet', () => {
  expect(JSON.stringify(description)).not.toContain('"additionalProperties":false')
})

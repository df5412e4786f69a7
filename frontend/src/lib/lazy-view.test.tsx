// @vitest-environment happy-dom
import type { ReactElement } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { expect, test } from 'vitest'
import { lazyView } from './lazy-view.tsx'
import { useRender } from './render.test-support.tsx'

interface Named {
  readonly name: string
}

function Greeting({ name }: Named): ReactElement {
  return <p>Hello {name}</p>
}

const render = useRender()

test('a view is fetched once, when it is first shown', async () => {
  let loads = 0
  const load = (): Promise<typeof Greeting> => {
    loads += 1
    return Promise.resolve(Greeting)
  }
  const View = lazyView(load)
  expect(loads).toBe(0)
  await render(<View name="Ada" />)
  await render(<View name="Grace" />)
  expect(document.body.textContent).toBe('Hello AdaHello Grace')
  expect(loads).toBe(1)
})

test('a view fetched beforehand is there with the first drawing', async () => {
  const View = lazyView(() => Promise.resolve(Greeting))
  View.preload()
  await Promise.resolve()
  const root = document.createElement('div')
  flushSync(() => createRoot(root).render(<View name="Ada" />))
  expect(root.textContent).toBe('Hello Ada')
})

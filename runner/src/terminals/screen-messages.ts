import type { Size } from './window-size.ts'

/** Names a screen within the worker. */
export type ScreenNumber = number

export type ToScreens =
  | { readonly kind: 'open'; readonly screen: ScreenNumber; readonly size: Size; readonly scrollbackLines: number }
  | { readonly kind: 'write'; readonly screen: ScreenNumber; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'resize'; readonly screen: ScreenNumber; readonly size: Size }
  | { readonly kind: 'snapshot'; readonly screen: ScreenNumber; readonly request: number }
  | { readonly kind: 'close'; readonly screen: ScreenNumber }

export type FromScreens =
  /**
   * So many more bytes were parsed; `replies` is what the screen answers to what they asked. The buffer they came in goes
   * back, to be used again.
   */
  | {
      readonly kind: 'parsed'
      readonly screen: ScreenNumber
      readonly bytes: number
      readonly replies: string
      readonly buffer: ArrayBuffer
    }
  | { readonly kind: 'title'; readonly screen: ScreenNumber; readonly title: string }
  | { readonly kind: 'snapshot'; readonly request: number; readonly bytes: Uint8Array<ArrayBuffer> }

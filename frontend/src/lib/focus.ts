/** As a ref: the first field of a form that the user came for takes the keyboard. */
export function focusOnMount(element: HTMLElement | null): void {
  element?.focus({ preventScroll: true })
}

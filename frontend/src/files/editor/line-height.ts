/** Height of a line of code, as a multiple of its font size. */
export const LINE_HEIGHT = 1.55

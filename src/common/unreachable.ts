/**
 * For the last line of an exhaustive switch: a new variant fails the type check until it is treated. In a file of its
 * own so that the webview can use it without bundling the schemas.
 */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

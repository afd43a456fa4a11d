/**
 * A signal that is aborted by the first Ctrl+C (or a request to end), so that what was started can be ended in order;
 * further ones change nothing.
 */
export function onInterrupt(): AbortController {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) return;
      controller.abort(new Error(`interrupted by ${name}`));
    });
  }
  return controller;
}

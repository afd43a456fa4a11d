/**
 * A signal that is aborted by the first Ctrl+C (or a request to end), so that what was started can be ended in order;
 * the second one leaves at once.
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

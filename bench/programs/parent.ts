/** What a program was told to do, by whoever forked it. */
export function task(): unknown {
  return JSON.parse(process.argv[2] ?? '{}');
}

export function ready(value: unknown): void {
  process.send?.({ ready: value });
}

/** Answers questions until the parent lets go, or is gone. */
export function answer(reply: (question: never) => unknown): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (question) => {
    void Promise.resolve()
      .then(() => reply(question as never))
      .then((value) => process.send?.({ answer: value }))
      .catch((error: unknown) => process.send?.({ failed: String(error) }));
  });
}

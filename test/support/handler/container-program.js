/**
 * What Lambda's runtime is to a function: a process that loads the handler once and gives it one event after the other, each
 * with a context that knows its deadline. It is killed from outside when the time is over.
 */
import { performance } from 'node:perf_hooks';
import process from 'node:process';

const { handler } = await import(process.argv[2]);

process.on('message', ({ event, milliseconds }) => {
  const end = performance.now() + milliseconds;
  const context = {
    awsRequestId: 'a1b2c3d4-0000-4000-8000-000000000000',
    getRemainingTimeInMillis: () => Math.round(end - performance.now()),
  };
  handler(event, context).then(
    (result) => process.send({ result, remaining: context.getRemainingTimeInMillis() }),
    ({ name, message }) =>
      process.send({ errorType: name, errorMessage: message, remaining: context.getRemainingTimeInMillis() }),
  );
});
process.send('ready');

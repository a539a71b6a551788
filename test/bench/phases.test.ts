import { phasesIn } from '../../bench/measuring/phases.js';

const event = (name: string, step: string, second: number) => ({
  at: 0,
  text: JSON.stringify({
    at: `2026-01-01T00:00:0${second}.000Z`,
    level: 'info',
    event: name,
    fields: { step },
  }),
});
const line = (at: number, text: string) => ({ at: Date.UTC(2026, 0, 1) + at, text });

describe('phasesIn', () => {
  test('surveys and verifications are not taken for the write phase', () => {
    const phases = phasesIn([
      event('step.started', 'links', 1),
      line(1100, 'links: survey: started'),
      line(1200, 'links: survey: 62 done in 0.0 s'),
      line(1300, 'links: started'),
      line(1900, 'links: 1,062 done in 0.6 s'),
      line(2000, 'links: verify target: started'),
      line(2900, 'links: verify target: 1,062 done in 0.9 s'),
      event('step.ended', 'links', 3),
    ]);
    const midnight = Date.UTC(2026, 0, 1);
    expect(phases).toEqual([
      {
        step: 'links',
        begun: midnight + 1000,
        writeFrom: midnight + 1300,
        writeTo: midnight + 1900,
        ended: midnight + 3000,
      },
    ]);
  });

  test('a step that did not end has no phases', () => {
    expect(phasesIn([event('step.started', 'links', 1), line(1300, 'links: started')])).toEqual([]);
  });

  test('lines that only look like JSON are passed over', () => {
    expect(phasesIn([line(0, '{"at": broken')])).toEqual([]);
  });
});

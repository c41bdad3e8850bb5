/** The websocket kind's dialogue: what is sent, waited for, skipped and captured. */
import { conversed, saying } from '../support/conversing';

describe('what is expected', () => {
  test('may have come before it was waited for; nothing is lost, and the order is kept', async () => {
    const steps = [
      { expect: 'n == `1`', name: 'one' },
      { send: 'on' },
      { expect: 'n == `2`', name: 'two' },
      { expect: 'n == `3`', name: 'three' },
    ];
    const { result, closes } = await conversed(saying({ n: 1 }, { n: 2 }, { n: 3 }), { steps, ping: true });
    expect(result).toMatchObject({ outcome: 'success' });
    expect(result.findings.map(({ subject, message }) => [subject, message])).toEqual([
      ['one', 'matched'],
      ['steps[1]', 'sent'],
      ['two', 'matched'],
      ['three', 'matched'],
    ]);
    expect(closes).toEqual([1000]);
    const backwards = await conversed(saying({ n: 1 }, { n: 2 }), {
      steps: [{ expect: 'n == `2`' }, { expect: 'n == `1`', within: '400ms' }],
    });
    expect(backwards.result).toMatchObject({ outcome: 'failure', reason: 'timeout' });
  });

  test('is found behind a heartbeat that comes first', async () => {
    const { result } = await conversed(saying({ type: 'heartbeat' }, { type: 'answer', n: 1 }), {
      steps: [{ expect: "type == 'answer'" }],
    });
    expect(result).toMatchObject({ outcome: 'success', findings: [{ message: 'matched; 1 skipped' }] });
  });

  test('is looked for past what does not match, is no JSON, or is binary', async () => {
    const { result } = await conversed(saying('no JSON', '{"n":', 7, null, Buffer.from([0, 255]).toString('latin1'), { n: 2 }, { n: 1 }), {
      steps: [{ expect: 'n == `1`' }],
    });
    expect(result.findings).toMatchObject([{ subject: 'steps[0]', outcome: 'success', message: 'matched; 6 skipped' }]);
  });

  test('and does not come in its time is a timeout that names the step and what was skipped', async () => {
    const { result } = await conversed(saying({ n: 1 }, { n: 2 }), {
      timeout: '3s',
      steps: [{ expect: 'n == `3`', within: '1500ms', name: 'third' }],
    });
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'timeout',
      phase: 'message',
      owner: 'application',
      message: 'third: no message matched within 1500 ms; 2 skipped',
    });
    expect(result.findings).toMatchObject([{ subject: 'third', outcome: 'failure', reason: 'timeout' }]);
    expect(result.observed).not.toHaveProperty(['websocket.eventLatencyMs']);
    expect(result.durationMs).toBeGreaterThanOrEqual(1_495);
  });

  test('has, without a time of its own, what is left of the attempt', async () => {
    const { result } = await conversed(saying({ n: 1 }), {
      steps: [{ expect: 'n == `1`', name: 'first' }, { expect: 'n == `3`' }],
      timeout: '500ms',
    });
    expect(result).toMatchObject({ reason: 'timeout', phase: 'message', message: expect.stringMatching(/^steps\[1\]: .* 0 skipped$/) });
    expect(result.findings).toMatchObject([{ outcome: 'success' }, { outcome: 'failure' }]);
    expect(result.observed['websocket.eventLatencyMs']).toEqual({ first: expect.any(Number) });
    expect(result.durationMs).toBeLessThan(600);
  });

  test('but can not be captured fails the step', async () => {
    for (const capture of [{ id: 'session.id' }, { id: 'max(n)' }]) {
      const { result } = await conversed(saying({ n: 1 }), { steps: [{ expect: 'n == `1`', capture }] });
      expect(result).toMatchObject({ outcome: 'failure', reason: 'assertion_failed', phase: 'message' });
      expect(result.findings).toMatchObject([{ subject: 'steps[0]', outcome: 'failure', reason: 'assertion_failed' }]);
    }
  });

  test('is captured as text, and shown by no text afterwards', async () => {
    const heard: string[] = [];
    const { result } = await conversed(
      (socket) => {
        socket.send(JSON.stringify({ id: { key: 'value-of-session' }, word: 'captured-word' }));
        socket.on('message', (data: Buffer) => {
          heard.push(data.toString());
          socket.close(1011, 'captured-word');
        });
      },
      {
        steps: [
          { expect: 'word != `null`', capture: { id: 'id', word: 'word' } },
          { send: { id: '${id}', word: '${word}' } },
          { expect: 'end' },
        ],
      },
    );
    expect(heard).toEqual([JSON.stringify({ id: '{"key":"value-of-session"}', word: 'captured-word' })]);
    expect(result).toMatchObject({
      reason: 'unexpected_close',
      message: 'steps[2]: the server closed the connection with 1011: [redacted]',
    });
  });
});

/**
 * Loaded before every test file. The tests' timeouts are short, and a deadline during which our own event loop was blocked for a fifth of it
 * is rightly told as ours: on a machine that is busy with something else a test may need another try. Each is printed.
 */
jest.retryTimes(2, { logErrorsBeforeRetry: true });

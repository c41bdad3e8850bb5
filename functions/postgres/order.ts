/** Which message may follow which (PostgreSQL manual, "Message Flow"): the driver answers, or believes, whatever comes whenever it comes. */
import { Fault } from '../../shared/fault';

/** SCRAM takes the most: the request, two answers, and the welcome. */
const mostRequests = 4;
/** What stands beside the rows of one answer, notices above all. */
const mostMessages = 10_000;

/** Follows what a server says. */
export interface Order {
  /** A statement is sent: its answer begins. */
  readonly ask: () => void;
  /** @throws Fault `protocol_error` for a message whose turn it is not. */
  readonly hear: (type: string, body: Buffer) => void;
}

const wrong = (what: string): Fault => new Fault('protocol_error', `the server ${what}`);

/** @returns the order of a session whose login begins. */
export function createOrder(): Order {
  let requests = 0;
  let isWelcome = false;
  let messages = 0;
  let copies = 0;
  /** How many columns the rows have that may come now. */
  let columns: number | undefined;
  /** Whether there was anything that may stand before "ready". */
  let isAnswered = false;

  const authenticate = (body: Buffer): void => {
    requests += 1;
    if (isWelcome) throw wrong('asks for a login after the login');
    if (requests > mostRequests) throw wrong('asks for a login again and again');
    isWelcome = body.readUInt32BE(0) === 0;
    isAnswered = isWelcome;
  };
  const hearRow = (body: Buffer): void => {
    if (columns === undefined) throw wrong('sent a row without saying what stands in it');
    if (body.readInt16BE(0) !== columns) throw wrong(`sent a row of ${body.readInt16BE(0)} columns and had announced ${columns}`);
  };
  return {
    ask() {
      messages = 0;
      copies = 0;
      columns = undefined;
      isAnswered = false;
    },
    hear(type, body) {
      if (type === 'D') return hearRow(body);
      if (type === 'd') return;
      messages += 1;
      if (messages > mostMessages) throw wrong(`sent more than ${mostMessages} messages besides rows`);
      if (type === 'R') authenticate(body);
      if (type === 'T') columns = body.readInt16BE(0);
      if (type === 'G') copies += 1;
      if (copies > 1) throw wrong('asks for data again and again');
      if (type === 'C') columns = undefined;
      if (type === 'C' || type === 'I' || type === 'E') isAnswered = true;
      if (type !== 'Z') return;
      if (!isAnswered) throw wrong(isWelcome ? 'is ready, but never said that the statement is complete' : 'is ready, but never let us in');
      isAnswered = false;
    },
  };
}

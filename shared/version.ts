/** The version of the product, from its package. */
import { version } from '../package.json';

export { version };

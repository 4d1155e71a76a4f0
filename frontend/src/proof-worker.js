// The search for a number that takes some work to find. It runs beside the page, in WebAssembly, so
// that it also works where a portal is reached by plain http and browsers keep their cryptography back.
import "altcha/workers/scrypt";

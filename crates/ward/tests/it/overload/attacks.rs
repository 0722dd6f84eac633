//! What clients do who mean ill, or know no better. Each does its own again and again while the storm lasts.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::LazyLock;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::storm::Told;
use super::{http2, wire};

/// One time of an attack.
type Act = for<'a> fn(&'a str, &'a Told) -> Pin<Box<dyn Future<Output = io::Result<()>> + Send + 'a>>;

/// An attack.
pub struct Attack {
    pub name: &'static str,
    /// How many clients of a small storm do it, and of a full one.
    pub clients: (usize, usize),
    pub act: Act,
}

/// All of them.
pub const ALL: &[Attack] = &[
    Attack { name: "connections that ask nothing", clients: (300, 7_500), act: |address, _| Box::pin(idle(address)) },
    Attack { name: "heads that never end", clients: (50, 500), act: |address, _| Box::pin(slow_head(address)) },
    Attack { name: "long heads that never end", clients: (50, 500), act: |address, _| Box::pin(long_head(address)) },
    Attack { name: "too many headers", clients: (2, 20), act: |address, told| Box::pin(many_headers(address, told)) },
    Attack { name: "bodies a byte a second", clients: (50, 500), act: |address, told| Box::pin(slow_body(address, told)) },
    Attack { name: "answers that nobody reads", clients: (24, 200), act: |address, told| Box::pin(slow_reader(address, told)) },
    Attack { name: "bodies that are too long", clients: (1, 20), act: |address, told| Box::pin(long_body(address, told)) },
    Attack { name: "chunks without end", clients: (1, 20), act: |address, _| Box::pin(endless_chunks(address)) },
    Attack { name: "decompression bombs", clients: (1, 20), act: |address, told| Box::pin(bomb(address, told)) },
    Attack { name: "bundles of 30 MB", clients: (2, 20), act: |address, told| Box::pin(bundle(address, told)) },
    Attack { name: "searches for all there is", clients: (12, 128), act: SEARCH },
    Attack { name: "pipelines that nobody reads", clients: (2, 50), act: |address, _| Box::pin(pipeline(address)) },
    Attack { name: "rapid resets", clients: (1, 20), act: |address, _| Box::pin(rapid_reset(address)) },
    Attack { name: "settings without end", clients: (1, 20), act: |address, _| Box::pin(settings_flood(address)) },
    Attack { name: "header lists without end", clients: (1, 20), act: |address, _| Box::pin(header_list(address)) },
    Attack { name: "streams that nobody reads", clients: (4, 50), act: |address, _| Box::pin(stuck_streams(address)) },
];

/// 70 MB of nothing, in a thousandth of that.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let blank = vec![b' '; 1 << 20];
    (0..70).for_each(|_| encoder.write_all(&blank).expect("a vector takes it"));
    wire::post("/fhir", &encoder.finish().expect("a vector takes it"), "content-encoding: gzip\r\n")
});

/// A transaction of 30 MB. Its last entry is about a type that there is not, which is found out when all of it is understood: nothing is
/// written.
static BUNDLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let text = "x".repeat(3_000);
    let entry = |kind: &str| {
        format!(r#"{{"resource":{{"resourceType":"{kind}","code":{{"text":"{text}"}}}},"request":{{"method":"POST","url":"{kind}"}}}}"#)
    };
    let entries = format!("{},", entry("Basic")).repeat(9_900);
    let body = format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{entries}{}]}}"#, entry("Nothing"));
    wire::post("/fhir", body.as_bytes(), "")
});

/// Makes what is sent again and again.
pub fn prepare() {
    LazyLock::force(&BOMB);
    LazyLock::force(&BUNDLE);
}

/// Searches that take long.
pub const SEARCH: Act = |address, told| Box::pin(search(address, told));

/// How long a client holds on to what it has begun.
const HOLD: Duration = Duration::from_secs(20);

/// Reads what comes and throws it away, until the server ends the connection or the client has held on long enough.
async fn hold(mut stream: tokio::net::TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    let read = async { while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {} };
    let _ = tokio::time::timeout(HOLD, read).await;
    Ok(())
}

async fn idle(address: &str) -> io::Result<()> {
    hold(wire::connect(address, false).await?).await
}

async fn slow_head(address: &str) -> io::Result<()> {
    let mut stream = wire::connect(address, false).await?;
    stream.write_all(b"GET /fhir/Patient/storm-0 HTTP/1.1\r\nhost: localhost\r\n").await?;
    for number in 0..60 {
        stream.write_all(format!("x-{number}: y\r\n").as_bytes()).await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

async fn long_head(address: &str) -> io::Result<()> {
    let mut stream = wire::connect(address, false).await?;
    stream.write_all(format!("GET /fhir/Patient/storm-0 HTTP/1.1\r\nx: {}", "y".repeat(100_000)).as_bytes()).await?;
    hold(stream).await
}

async fn many_headers(address: &str, told: &Told) -> io::Result<()> {
    let mut stream = wire::connect(address, false).await?;
    let headers: String = (0..200).map(|number| format!("x-{number}: y\r\n")).collect();
    let answer = wire::exchange(&mut stream, format!("GET /fhir/metadata HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n").as_bytes()).await?;
    told.expect(&answer, &[431]);
    Ok(())
}

async fn slow_body(address: &str, told: &Told) -> io::Result<()> {
    let mut stream = wire::connect(address, false).await?;
    stream.write_all(&wire::post_head("/fhir/Patient", 10_000, "")).await?;
    for _ in 0..60 {
        if stream.write_all(b" ").await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    told.expect(&wire::answer(&mut stream).await?, &[408]);
    Ok(())
}

async fn slow_reader(address: &str, told: &Told) -> io::Result<()> {
    let mut stream = wire::connect(address, true).await?;
    stream.write_all(&wire::get("/fhir/Basic?_count=1000")).await?;
    let mut head = vec![0; 4096];
    let read = stream.read(&mut head).await?;
    if head[..read].starts_with(b"HTTP/1.1 503") {
        told.shed_head(&head[..read]);
        return Ok(());
    }
    tokio::time::sleep(HOLD).await;
    Ok(())
}

async fn long_body(address: &str, told: &Told) -> io::Result<()> {
    let mut stream = wire::connect(address, false).await?;
    stream.write_all(&wire::post_head("/fhir/Patient", 1 << 40, "")).await?;
    let piece = vec![b' '; 1 << 16];
    for _ in 0..160 {
        if stream.write_all(&piece).await.is_err() {
            break;
        }
    }
    told.expect(&wire::answer(&mut stream).await?, &[413]);
    Ok(())
}

async fn endless_chunks(address: &str) -> io::Result<()> {
    let mut stream = wire::connect(address, false).await?;
    stream
        .write_all(b"POST /fhir HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
        .await?;
    let chunk = [b"10000\r\n".to_vec(), vec![b' '; 0x10000], b"\r\n".to_vec()].concat();
    loop {
        stream.write_all(&chunk).await?;
    }
}

async fn bomb(address: &str, told: &Told) -> io::Result<()> {
    let mut stream = wire::connect(address, false).await?;
    let answer = wire::exchange(&mut stream, &BOMB).await?;
    told.expect(&answer, &[413]);
    Ok(())
}

async fn bundle(address: &str, told: &Told) -> io::Result<()> {
    let mut stream = wire::connect(address, false).await?;
    let answer = wire::exchange(&mut stream, &BUNDLE).await?;
    told.expect(&answer, &[400]);
    Ok(())
}

async fn search(address: &str, told: &Told) -> io::Result<()> {
    let mut stream = wire::connect(address, false).await?;
    for path in [
        "/fhir/Observation?subject:Patient.name:contains=a&_total=accurate&_sort=-value-quantity&_count=1000&_include=*",
        "/fhir/Encounter?subject:Patient._has:Observation:subject:code:text=e&_total=accurate&_count=1000&_revinclude=*",
    ] {
        let answer = wire::exchange(&mut stream, &wire::get(path)).await?;
        told.expect(&answer, &[200, 400]);
    }
    Ok(())
}

async fn pipeline(address: &str) -> io::Result<()> {
    let mut stream = wire::connect(address, true).await?;
    let requests = wire::get("/fhir/metadata").repeat(500);
    let _ = tokio::time::timeout(HOLD, stream.write_all(&requests)).await;
    Ok(())
}

async fn rapid_reset(address: &str) -> io::Result<()> {
    let mut stream = wire::connect(address, false).await?;
    stream.write_all(&http2::begin(&[])).await?;
    let path = http2::get("/fhir/Observation?_total=accurate&_count=1000");
    for number in 0..10_000_u32 {
        let stream_number = 2 * number + 1;
        let headers = http2::frame(http2::HEADERS, http2::END_STREAM | http2::END_HEADERS, stream_number, &path);
        let reset = http2::frame(http2::RST_STREAM, 0, stream_number, &8_u32.to_be_bytes());
        stream.write_all(&[headers, reset].concat()).await?;
    }
    Ok(())
}

async fn settings_flood(address: &str) -> io::Result<()> {
    let mut stream = wire::connect(address, true).await?;
    stream.write_all(&http2::begin(&[])).await?;
    let settings = http2::frame(http2::SETTINGS, 0, 0, &[]).repeat(1_000);
    let flood = async { while stream.write_all(&settings).await.is_ok() {} };
    let _ = tokio::time::timeout(HOLD, flood).await;
    Ok(())
}

async fn header_list(address: &str) -> io::Result<()> {
    let mut stream = wire::connect(address, false).await?;
    stream.write_all(&http2::begin(&[])).await?;
    stream.write_all(&http2::frame(http2::HEADERS, http2::END_STREAM, 1, &http2::get("/health/live"))).await?;
    let headers = http2::header("x-long", &"y".repeat(120)).repeat(120);
    for _ in 0..100_000 {
        stream.write_all(&http2::frame(http2::CONTINUATION, 0, 1, &headers)).await?;
    }
    Ok(())
}

async fn stuck_streams(address: &str) -> io::Result<()> {
    let mut stream = wire::connect(address, false).await?;
    stream.write_all(&http2::begin(&[(http2::INITIAL_WINDOW_SIZE, 0)])).await?;
    let path = http2::get("/fhir/Basic?_count=1000");
    for number in 0..200_u32 {
        stream.write_all(&http2::frame(http2::HEADERS, http2::END_STREAM | http2::END_HEADERS, 2 * number + 1, &path)).await?;
    }
    hold(stream).await
}

//! A body, read to its end and no further than a bound.

use reqwest::Response;

/// The body as text, or why it cannot be relied on.
pub(crate) async fn read(mut response: Response, most: usize) -> Result<String, String> {
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() > most => return Err(format!("the answer is longer than {most} bytes")),
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => return Err(format!("the answer ended too early: {}", plain(&error))),
        }
    }
    String::from_utf8(bytes).map_err(|_| "the answer is not UTF-8".to_owned())
}

/// What went wrong, without the address, which may have a secret in it, and with its causes.
pub(crate) fn plain(error: &reqwest::Error) -> String {
    let mut text = if error.is_timeout() {
        "time-out".to_owned()
    } else if error.is_connect() {
        "no connection".to_owned()
    } else {
        "the connection broke".to_owned()
    };
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        source = cause.source();
    }
    text
}

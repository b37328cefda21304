//! A plain client of both dialects, and an ERP to ask.

use std::collections::BTreeMap;
use std::time::Duration;

use lineside_erp_simulator::erp::{Erp, ErpOptions};
use lineside_erp_simulator::faults::{Fault, Faults, Step};
use lineside_erp_simulator::http::{HttpOptions, Profile, Server};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

pub const CONF: &str = "/sap/opu/odata4/sap/api_prodnordconf/srvd_a2x/sap/productionorderconfirmation/0001";
pub const MDOC: &str = "/sap/opu/odata4/sap/api_material_document/srvd_a2x/sap/materialdocument/0001";
pub const KEY: &str = "a7286edbc77fd573250319bef2f958bf";
pub const GUID: &str = "a7286edb-c77f-d573-2503-19bef2f958bf";

/// Short enough for a test that waits for it, long enough for one that must not.
pub const HOLD_MS: u64 = 300;

pub fn faults() -> Faults {
    Faults { hold_ms: HOLD_MS, slow_ms: 100, per_mille: BTreeMap::new(), clerk: no_clerk(), ..Faults::default() }
}

pub fn no_clerk() -> lineside_erp_simulator::faults::Clerk {
    lineside_erp_simulator::faults::Clerk { books_parked_after_ms: None, ..Default::default() }
}

pub async fn serve(erp: ErpOptions, http: HttpOptions) -> Server {
    Server::start("127.0.0.1:0".parse().unwrap(), Erp::open(erp).unwrap(), http).await.unwrap()
}

pub async fn s4() -> (Server, Client) {
    let server = serve(ErpOptions { faults: faults(), max_processing: Duration::from_millis(200), ..ErpOptions::default() }, HttpOptions::default()).await;
    let mut client = Client::of(&server);
    client.sign_in().await;
    (server, client)
}

pub async fn odoo() -> (Server, Client) {
    let options = HttpOptions { profile: Profile::Odoo, ..HttpOptions::default() };
    let server = serve(ErpOptions { faults: faults(), ..ErpOptions::default() }, options).await;
    let mut client = Client::of(&server);
    client.headers.insert("x-api-key".to_owned(), "simulated".to_owned());
    (server, client)
}

/// A client with the headers that it sends.
#[derive(Clone)]
pub struct Client {
    pub base: String,
    pub headers: BTreeMap<String, String>,
    http: reqwest::Client,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Got {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Client {
    pub fn of(server: &Server) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
        Self { base: format!("http://{}", server.address()), headers: BTreeMap::new(), http }
    }

    /// Fetches an access token, a session and a CSRF token.
    pub async fn sign_in(&mut self) {
        let token = self.http.post(format!("{}/oauth2/token", self.base)).basic_auth("lineside", Some("simulated")).body("grant_type=client_credentials");
        let token: Value = serde_json::from_str(&token.send().await.unwrap().text().await.unwrap()).unwrap();
        self.headers.insert("authorization".to_owned(), format!("Bearer {}", token["access_token"].as_str().unwrap()));
        let mut fetching = self.clone();
        fetching.headers.insert("x-csrf-token".to_owned(), "Fetch".to_owned());
        let got = fetching.get(&format!("{CONF}/")).await.unwrap();
        self.headers.insert("x-csrf-token".to_owned(), got.headers["x-csrf-token"].to_str().unwrap().to_owned());
        let cookie = got.headers["set-cookie"].to_str().unwrap();
        self.headers.insert("cookie".to_owned(), cookie.split(';').next().unwrap().to_owned());
    }

    pub async fn get(&self, path: &str) -> reqwest::Result<Got> {
        self.send(self.http.get(format!("{}{path}", self.base))).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> reqwest::Result<Got> {
        self.send(self.http.post(format!("{}{path}", self.base)).body(body.to_string())).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> reqwest::Result<Got> {
        self.send(self.http.request(Method::PUT, format!("{}{path}", self.base)).body(body.to_string())).await
    }

    async fn send(&self, mut request: RequestBuilder) -> reqwest::Result<Got> {
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Got { status, headers, text: response.text().await? })
    }

    /// Values found by a filter, with what they hold.
    pub async fn find(&self, root: &str, filter: &str, expand: &str) -> Vec<Value> {
        let query = format!("$filter={}&$expand={expand}", filter.replace(' ', "%20"));
        let got = self.get(&format!("{root}?{query}")).await.unwrap();
        assert_eq!(got.status, StatusCode::OK, "{}", got.text);
        got.json()["value"].as_array().unwrap().clone()
    }
}

pub fn script(server: &Server, fault: Fault) {
    server.erp().script(|script| script.add(Step { fault, key: None, order: None, attempt: None, times: 1 }));
}

pub fn confirmation() -> Value {
    json!({
        "OrderID": "000100014", "OrderOperation": "0010", "Plant": "plant-a",
        "ConfirmationYieldQuantity": "220", "ConfirmationScrapQuantity": "0", "ConfirmationReworkQuantity": "4.50", "ConfirmationUnit": "PC",
        "IsFinalConfirmation": true, "OpenReservationsIsCleared": false, "APIConfHasNoGoodsMovements": true,
        "PostingDate": "2026-11-20", "ExternalSystemConfirmation": GUID,
    })
}

pub fn item(number: u32, quantity: &str) -> Value {
    json!({
        "Material": "RM-1022", "Plant": "plant-a", "StorageLocation": "0001", "Batch": "B03", "GoodsMovementType": "261", "GoodsMovementRefDocType": "",
        "ManufacturingOrder": "000100014", "Reservation": "0000004725", "ReservationItem": "0001", "EntryUnit": "L", "QuantityInEntryUnit": quantity,
        "MaterialDocumentItemText": format!("{KEY}/{number}"),
    })
}

pub fn document(items: &[Value]) -> Value {
    json!({
        "GoodsMovementCode": "03", "PostingDate": "2026-11-20", "DocumentDate": "2026-11-19",
        "MaterialDocumentHeaderText": &KEY[..25], "to_MaterialDocumentItem": items,
    })
}

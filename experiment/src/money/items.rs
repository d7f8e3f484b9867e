//! What can stand on a bill: each item with its service, and the unit it is counted in as a type.

use drsim_models::cost::{AcuHour, Billed, Gb, GbMonth, GbSecond, Hour, LcuHour, Month, Request};
use std::marker::PhantomData;

/// Something with a price.
#[derive(Debug)]
pub struct Item<U> {
    /// Path in the price book.
    pub key: &'static str,
    /// Service as people call it.
    pub service: &'static str,
    /// Item as people call it.
    pub name: &'static str,
    unit: PhantomData<U>,
}

impl<U> Clone for Item<U> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<U> Copy for Item<U> {}

macro_rules! items {
    ($($name:ident: $unit:ident = $key:literal, $service:literal, $words:literal;)*) => {
        $(
            #[doc = concat!($service, ": ", $words, ".")]
            pub const $name: Item<$unit> =
                Item { key: $key, service: $service, name: $words, unit: PhantomData };
        )*

        /// Key, service, name and unit of every item.
        pub const ALL: &[(&str, &str, &str, &str)] = &[$(($key, $service, $words, <$unit as Billed>::NAME)),*];
    };
}

items! {
    API_REST: Request = "api_gateway.rest", "API Gateway", "REST requests";
    API_HTTP: Request = "api_gateway.http", "API Gateway", "HTTP requests";
    FUNCTION_REQUESTS: Request = "lambda.requests", "Lambda", "requests";
    FUNCTION_X86: GbSecond = "lambda.x86", "Lambda", "duration, x86";
    FUNCTION_ARM: GbSecond = "lambda.arm", "Lambda", "duration, arm";
    DATABASE_CAPACITY: AcuHour = "aurora.capacity", "Aurora", "capacity";
    DATABASE_STORAGE: GbMonth = "aurora.storage", "Aurora", "storage";
    DATABASE_IO: Request = "aurora.io", "Aurora", "I/O";
    DATABASE_REPLICATED_IO: Request = "aurora.replicated_io", "Aurora", "replicated write I/O";
    DATABASE_BACKUP: GbMonth = "aurora.backup", "Aurora", "backups";
    OBJECT_STORAGE: GbMonth = "s3.storage", "S3", "storage";
    OBJECT_PUT: Request = "s3.put", "S3", "PUT requests";
    OBJECT_GET: Request = "s3.get", "S3", "GET requests";
    OBJECT_RTC: Gb = "s3.replication_time_control", "S3", "Replication Time Control";
    BETWEEN_REGIONS: Gb = "transfer.between_regions", "Transfer", "to another region";
    INTERNET: Gb = "transfer.internet", "Transfer", "to the internet";
    CDN_EGRESS: Gb = "cloudfront.egress", "CloudFront", "egress";
    CDN_TO_ORIGIN: Gb = "cloudfront.to_origin", "CloudFront", "uploads to the origin";
    CDN_REQUESTS: Request = "cloudfront.https", "CloudFront", "HTTPS requests";
    ACCELERATOR: Hour = "accelerator.fixed", "Global Accelerator", "accelerator";
    ACCELERATOR_PREMIUM: Gb = "accelerator.premium", "Global Accelerator", "transfer premium";
    BALANCER: Hour = "load_balancer.fixed", "Load balancer", "load balancer";
    BALANCER_CAPACITY: LcuHour = "load_balancer.capacity", "Load balancer", "capacity";
    ZONE: Month = "route53.zone", "Route 53", "hosted zone";
    QUERIES: Request = "route53.queries", "Route 53", "queries";
    ALIAS_QUERIES: Request = "route53.alias_queries", "Route 53", "queries for aliases";
    CHECK_AWS: Month = "route53.check_aws", "Route 53", "health checks, AWS endpoint";
    CHECK_OTHER: Month = "route53.check_other", "Route 53", "health checks, other endpoint";
    OPTION_AWS: Month = "route53.option_aws", "Route 53", "options of health checks, AWS endpoint";
    OPTION_OTHER: Month = "route53.option_other", "Route 53", "options of health checks, other endpoint";
    LOG_INGEST: Gb = "cloudwatch.log_ingest", "CloudWatch", "logs written";
    LOG_STORAGE: GbMonth = "cloudwatch.log_storage", "CloudWatch", "logs kept";
    ALARMS: Month = "cloudwatch.alarm", "CloudWatch", "alarms";
    KEYS: Month = "kms.key", "KMS", "keys";
    CERTIFICATES: Month = "certificates.public", "Certificates", "public certificates";
}

/// Recovery: what a standby grows by while it does the work of the region that was lost, at the price of its capacity.
pub const SURGE: Item<AcuHour> = Item {
    key: DATABASE_CAPACITY.key,
    service: RECOVERY,
    name: "standby at full size after a failover, at most",
    unit: PhantomData,
};

/// Recovery: the database, copied to the old region before the writer returns, at the price of any other transfer.
pub const TRANSFER_BACK: Item<Gb> = Item {
    key: BETWEEN_REGIONS.key,
    service: RECOVERY,
    name: "transfer back after a failover, at most",
    unit: PhantomData,
};

/// What outages add to a bill; an invoice has it among the services it is of.
pub const RECOVERY: &str = "Recovery";

/// The services that a bill names.
pub const SERVICES: [&str; 12] = [
    "API Gateway",
    "Lambda",
    "Aurora",
    "S3",
    "Transfer",
    "CloudFront",
    "Global Accelerator",
    "Load balancer",
    "Route 53",
    "CloudWatch",
    "KMS",
    "Certificates",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_services_are_those_of_the_items() {
        let mut names: Vec<&str> = ALL.iter().map(|(_, service, ..)| *service).collect();
        names.dedup();
        assert_eq!(names, SERVICES);
    }
}
